/** A stored file in a zip whose sizes, place and directory are all in Zip64 records, as streaming writers make them. */
export function zip64File(name: string, text: string): Uint8Array<ArrayBuffer> {
  const [path, data] = [Buffer.from(name), Buffer.from(text)];
  const u16 = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);
  const u32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const u64 = (...values: number[]) => Buffer.from(BigUint64Array.from(values, BigInt).buffer);
  const large = 0xffffffff;
  const local = Buffer.concat([u32(0x04034b50), u16(45, 0, 0, 0, 0), u32(0, large, large), u16(path.length, 0), path]);
  const extra = Buffer.concat([u16(1, 24), u64(data.length, data.length, 0)]);
  const lengths = u16(path.length, extra.length, 0, 0, 0);
  const fixed = Buffer.concat([u32(0x02014b50), u16(45, 45, 0, 0, 0, 0), u32(0, large, large), lengths, u32(0, large)]);
  const entry = Buffer.concat([fixed, path, extra]);
  const start = local.length + data.length;
  const record = Buffer.concat([u32(0x06064b50), u64(44), u16(45, 45), u32(0, 0), u64(1, 1, entry.length, start)]);
  const locator = Buffer.concat([u32(0x07064b50, 0), u64(start + entry.length), u32(1)]);
  const end = Buffer.concat([u32(0x06054b50), u16(0, 0, 0xffff, 0xffff), u32(large, large), u16(0)]);
  return new Uint8Array(Buffer.concat([local, data, entry, record, locator, end]));
}
