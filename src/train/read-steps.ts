import { readTensors } from "../gpu/read-back.ts";
import type { PendingStep } from "./trainer.ts";

export interface StepNumbers {
  loss: number;
  gradientNorm: number;
  /** False when a gradient was not finite: the step changed nothing. */
  finite: boolean;
}

/** Reads the numbers of several steps in one round trip, and disposes their tensors. */
export async function readSteps(steps: readonly PendingStep[]): Promise<StepNumbers[]> {
  const tensors = steps.flatMap(({ losses, clip }) => [clip, ...losses]);
  const values = await readTensors(tensors);
  for (const held of tensors) held.dispose();
  let at = 0;
  return steps.map(({ losses }) => {
    const [gradientNorm = NaN, , broken = 0] = values[at++] ?? [];
    let loss = 0;
    for (let i = 0; i < losses.length; i++) loss += values[at++]?.[0] ?? NaN;
    return { loss, gradientNorm, finite: broken === 0 && Number.isFinite(loss) };
  });
}
