// Products other than the weight gradient have nothing beside them.
fn bias_sums(group: vec3<u32>, groups: vec3<u32>, thread: u32) {}
