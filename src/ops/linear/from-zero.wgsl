// What a product's sums begin with: nothing.
fn start(row: u32, column: u32) -> element { return element(); }
