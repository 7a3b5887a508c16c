// The app's own switch between light and dark goes before the system's.
const chosen = localStorage.getItem("mantine-color-scheme-value");
if (chosen === "light" || chosen === "dark") document.documentElement.style.colorScheme = chosen;
