import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "out/", "node_modules/", "test/fixtures/planted/"] },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error", noInlineConfig: true },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      eqeqeq: "error",
    },
  },
  { files: ["src/**/*.tsx", "src/app/**/*.ts"], ...reactHooks.configs.flat["recommended-latest"] },
  // Warns of a hook that React's compiler cannot memoize; the build has no such compiler, and the tables are not memoized.
  {
    files: ["src/app/run/VirtualTable.tsx", "src/app/rows/RowGrid.tsx", "src/app/folds/NoiseList.tsx"],
    rules: { "react-hooks/incompatible-library": "off" },
  },
  // The one place that reaches into tfjs's private parts, which have no types.
  { files: ["src/gpu/tfjs-internals.ts"], rules: { "@typescript-eslint/no-explicit-any": "off" } },
);
