/**
 * Names of browser tabs. A link with such a target goes to the tab that bears the name, if either opened the other,
 * and else to a new one: so a link never takes the place of a page that trains.
 */
export const appWindow = "tabtune";
export const handbookWindow = "tabtune-handbook";
