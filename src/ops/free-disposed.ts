import { submitRecorded } from "../gpu/program.ts";

/**
 * Lets what was disposed be used again at once: on webgpu a buffer returns to tfjs's pool only with the submission that
 * used it, which is sent early here. Nothing happens on other backends, where memory is free when it is disposed.
 */
export function freeDisposed(): void {
  submitRecorded();
}
