// Epilogue: the sum as it is.
@group(0) @binding(3) var<storage, read_write> c: array<element>;

fn store(row: u32, column: u32, sum: element) { c[(row * sizes.columns + column) >> SHIFT] = sum; }
