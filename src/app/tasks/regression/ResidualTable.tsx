import type { RegressionReport } from "../../../metrics/regression/report.ts";
import { figureText } from "../../figures.ts";
import panel from "../../run/panel.module.css";
import tables from "../../run/tables.module.css";
import { residualLines } from "./residual-lines.ts";

/** How far predictions are off: predicted less true, in the units of the label column. */
export function ResidualTable({ report }: { report: RegressionReport; labelNames: readonly string[] }) {
  return (
    <div className={panel.scores} tabIndex={0} role="region" aria-label="Errors of the predicted values">
      <table className={tables.plain}>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {residualLines(report).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{figureText(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
