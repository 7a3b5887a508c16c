/** Cross-origin isolation, without which browsers give no shared memory and wasm no threads. */
export const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Packages that only workers import: the dev server would reload the page on finding one late. */
export const tensorPackages = [
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-backend-cpu",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu.js",
  "@tensorflow/tfjs-backend-webgpu/dist/flags_webgpu.js",
];

/** Rolldown remarks on plugins that take most of a build's time, as ours do: they compile the kernels and the workers. */
export const quietBuild = { checks: { bundlerTimings: false } };
