// A table whose gradient has places for some of its rows, each of `columns` threads: -1 for the others.
@group(0) @binding(6) var<storage, read> places: array<i32>;

fn place_of(thread: u32) -> i32 {
  let columns = sizes.columns;
  let place = places[thread / columns];
  return select(place * i32(columns) + i32(thread % columns), -1, place < 0);
}
