import { createTheme } from "@mantine/core";

/** Mantine's theme. Shade 8 in both schemes: white text on lighter filled buttons lacks contrast. */
export const theme = createTheme({
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: "sm",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  headings: { fontWeight: "600" },
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    // Mantine's own descriptions are 10 px and too pale for 4.5:1.
    InputWrapper: {
      styles: {
        description: { color: "var(--quiet)", fontSize: 12, lineHeight: 1.4 },
        error: { fontSize: 12, lineHeight: 1.4 },
      },
    },
  },
});
