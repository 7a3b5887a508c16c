/**
 * A tile of `rows` × 4·`groups` columns a thread, in which the four threads of a quad have the same rows: each loads a
 * quarter of A's elements and hears the others' by `quadBroadcast`. On a software adapter, where a load costs as much as
 * eight multiplications, it is near twice as fast as `tile-direct.wgsl`, whose method it has otherwise. The text is
 * made here, since registers must be spelled out there and the best sizes differ from adapter to adapter.
 *
 * @param rows 16 or 32: a multiple of 16, as the weight gradient loads A in blocks of 4 × 4
 * @param groups groups of four columns a thread
 */
export function quadTile(rows: number, groups: number): string {
  const every = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i));
  const sum = (row: number, group: number) => `sum${row}_${group}`;
  const start = (row: number, group: number) => `start4(row + ${row}u, column + ${4 * group}u)`;
  const sums = every(rows, (row) =>
    every(groups, (group) => `var ${sum(row, group)} = ${start(row, group)};`).join(" "),
  );
  const blocks = every(rows / 16, (i) => `let block${i} = load_a_transposed(k, row / 4u + ${4 * i}u + lane);`);
  const vectors = every(rows / 4, (i) => `let vector${i} = load_a(row + ${4 * i}u + lane, k);`);
  const take = (row: number, from: string, lane: number) => `a${row} = quadBroadcast(${from}, ${lane}u);`;
  const products = (group: number) => every(rows, (row) => `${sum(row, group)} += b${group} * a${row};`);
  const stores = every(rows, (row) =>
    every(groups, (group) => `store4(row + ${row}u, column + ${4 * group}u, ${sum(row, group)});`).join(" "),
  );
  return `
@compute @workgroup_size(4, 4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_id) local: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  if (PRODUCT == WEIGHT_GRADIENT && group.y == groups.y - 1u) {
    bias_sums(group.x * 16u + thread, groups.x * 16u);
    return;
  }
  let lane = local.x;
  let row = (group.y * 4u + local.y) * ${rows}u;
  let column = (group.x * 4u + lane) * ${4 * groups}u;
  ${sums.join("\n  ")}

  for (var k = 0u; k < (sizes.inner + 3u) / 4u; k++) {
    ${every(rows, (row) => `var a${row}: vec4<f32>;`).join(" ")}
    if (PRODUCT == WEIGHT_GRADIENT) {
      ${blocks.join("\n      ")}
      ${every(rows, (row) => take(row, `block${row >> 4}[${row % 4}]`, (row >> 2) % 4)).join("\n      ")}
    } else {
      ${vectors.join("\n      ")}
      ${every(rows, (row) => take(row, `vector${row >> 2}`, row % 4)).join("\n      ")}
    }
    ${every(groups, (group) => `let b${group} = load_b(k, column / 4u + ${group}u);\n    ${products(group).join("\n    ")}`).join("\n    ")}
  }

  ${stores.join("\n  ")}
}
`;
}
