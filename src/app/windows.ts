/**
 * Names of browser tabs. A link with such a target goes to the tab of that name, if either opened the other, and else
 * to a new tab. So a link never replaces a page that trains.
 */
export const appWindow = "tabtune";
export const handbookWindow = "tabtune-handbook";
