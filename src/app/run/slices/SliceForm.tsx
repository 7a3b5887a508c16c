import { Autocomplete, Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";
import { sliceName } from "../../../insight/slices.ts";
import type { PageSlices } from "../../../workers/protocol.ts";
import type { NamedSlice } from "../../state.ts";
import panel from "../panel.module.css";
import { columnsFor, queryOf, sliceKinds, type SliceDraft } from "./slice-form.ts";

interface SliceFormProps {
  of: Pick<PageSlices, "columns" | "labelNames">;
  onMake: (slice: NamedSlice) => void;
}

const emptyDraft: SliceDraft = { by: "contains", text: "", column: "", from: "", to: "" };

/** Makes a slice by a condition on the rows. */
export function SliceForm({ of: { columns, labelNames }, onMake }: SliceFormProps) {
  const [draft, setDraft] = useState(emptyDraft);
  const [name, setName] = useState("");
  const [said, setSaid] = useState("");
  const change = (part: Partial<SliceDraft>) => {
    setSaid("");
    setDraft({ ...draft, ...part });
  };
  const kinds = sliceKinds.filter(
    ({ by }) =>
      (by !== "label" || labelNames.length > 0) &&
      ((by !== "column" && by !== "range") || columnsFor(by, columns).length > 0),
  );
  const own = columnsFor(draft.by, columns);
  const found = queryOf(draft);
  const make = (event: SyntheticEvent) => {
    event.preventDefault();
    if ("missing" in found) return setSaid(found.missing);
    onMake({ name: name.trim() || sliceName(found.query), query: found.query });
    setDraft({ ...draft, text: "", from: "", to: "" });
    setName("");
  };
  const byText = draft.by === "contains" || draft.by === "matches";
  const byNumbers = draft.by === "length" || draft.by === "range";
  return (
    <form className={panel.row} style={{ marginTop: 12 }} onSubmit={make} aria-label="A slice of your own">
      <NativeSelect
        label="Rows by"
        data={kinds.map(({ by, label }) => ({ value: by, label }))}
        value={draft.by}
        onChange={({ currentTarget: { value } }) => {
          const by = kinds.find((kind) => kind.by === value)?.by ?? "contains";
          const first = by === "label" ? (labelNames[0] ?? "") : "";
          change({ by, text: first, column: columnsFor(by, columns)[0]?.name ?? "" });
        }}
      />
      {(draft.by === "column" || draft.by === "range") && (
        <NativeSelect
          label="Column"
          data={own.map((column) => column.name)}
          value={draft.column}
          onChange={(event) => change({ column: event.currentTarget.value, text: "" })}
        />
      )}
      {byText && (
        <TextInput
          label={draft.by === "contains" ? "Word" : "Expression"}
          value={draft.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      )}
      {(draft.by === "label" || draft.by === "column") && (
        <Autocomplete
          label={draft.by === "label" ? "Label" : "Value"}
          data={draft.by === "label" ? labelNames : valuesOf(columns, draft.column)}
          limit={100}
          value={draft.text}
          onChange={(text) => change({ text })}
        />
      )}
      {byNumbers && (
        <>
          <TextInput
            label="From"
            inputMode="decimal"
            w={90}
            value={draft.from}
            onChange={(event) => change({ from: event.currentTarget.value })}
          />
          <TextInput
            label="To"
            inputMode="decimal"
            w={90}
            value={draft.to}
            onChange={(event) => change({ to: event.currentTarget.value })}
          />
        </>
      )}
      <TextInput
        label="Name"
        placeholder={"query" in found ? sliceName(found.query) : "automatic"}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        Add the slice
      </Button>
      <span role="status" style={{ flexBasis: "100%" }}>
        {said}
      </span>
    </form>
  );
}

/** Values of a column to choose from; an empty one has no name in a list. */
function valuesOf(columns: SliceFormProps["of"]["columns"], name: string): string[] {
  return columns.find((column) => column.name === name)?.values?.filter((value) => value !== "") ?? [];
}
