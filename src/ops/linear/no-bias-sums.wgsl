// Products other than the weight gradient have nothing beside them.
fn bias_sums(thread: u32, count: u32) {}
