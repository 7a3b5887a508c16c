// A serial chain of loads: one thread goes from place to place, and each load's address is the value of the one before,
// so that no two of them overlap. `places` holds one cycle through all of its lines of 64 bytes, in random order.

@group(0) @binding(0) var<storage, read> places: array<u32>;
@group(0) @binding(1) var<storage, read_write> last: u32;

@compute @workgroup_size(1)
fn main() {
  var at = last;
  for (var i = 0u; i < LOADS; i++) { at = places[at]; }
  last = at;
}
