import type { Tensor } from "@tensorflow/tfjs-core";
import { runningDevice } from "../gpu/running.ts";
import { inMemoryOrder, type GradientPlaces, type Parameter } from "../ops/parameter.ts";

/**
 * What the gradients of one backward pass after another are written into: on a GPU side by side, so that few dispatches
 * go over all of them. In main memory there is nothing to gain, and each gradient takes memory only while it is there.
 */
export class GradientArena implements GradientPlaces {
  private places: Map<Parameter, Tensor> | null = null;

  /** @param shapeOf the shape of a parameter's gradient, asked when they are allocated */
  constructor(
    private readonly parameters: Iterable<Parameter>,
    private readonly shapeOf = ({ value }: Parameter): readonly number[] => value.shape,
  ) {}

  /** What a parameter's gradient is written into; all are allocated when the first is asked for. */
  get(parameter: Parameter): Tensor | undefined {
    return (this.places ??= this.allocated()).get(parameter);
  }

  dispose(): void {
    for (const tensor of this.places?.values() ?? []) tensor.dispose();
    this.places = null;
  }

  private allocated(): Map<Parameter, Tensor> {
    const device = runningDevice();
    if (device.kind !== "webgpu") return new Map();
    const ordered = inMemoryOrder(this.parameters);
    const tensors = device.together(ordered.map((parameter) => this.shapeOf(parameter)));
    return new Map(tensors.map((tensor, i) => [ordered[i] as Parameter, tensor]));
  }
}
