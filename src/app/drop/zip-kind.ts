/** What of a zip's end is read: the list of its files is there. */
const TAIL_BYTES = 1 << 20;
/** Begins an entry of that list. */
const ENTRY = "PK\x01\x02";
const NAME_LENGTH_AT = 28;
const NAME_AT = 46;
const checkpointFile =
  /(^|\/)((tokenizer_)?config\.json|tokenizer\.json|vocab\.txt)$|\.(safetensors|bin|pt|pth|onnx|gguf|h5|ckpt|msgpack)$/i;

/** Whether a zip holds files of a checkpoint; a zip that does not is opened as a table. */
export async function holdsCheckpoint(zip: File): Promise<boolean> {
  const tail = await zip
    .slice(Math.max(0, zip.size - TAIL_BYTES))
    .arrayBuffer()
    .catch(() => new ArrayBuffer(0));
  const text = new TextDecoder("latin1").decode(tail);
  const bytes = new DataView(tail);
  for (let at = text.indexOf(ENTRY); at >= 0; at = text.indexOf(ENTRY, at + 1)) {
    if (at + NAME_AT > tail.byteLength) break;
    const length = bytes.getUint16(at + NAME_LENGTH_AT, true);
    if (checkpointFile.test(text.slice(at + NAME_AT, at + NAME_AT + length))) return true;
  }
  return false;
}
