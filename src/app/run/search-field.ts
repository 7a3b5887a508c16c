/** Id of the field that searches the errors; the key "/" leads to it. */
export const SEARCH_FIELD = "errors-search";
