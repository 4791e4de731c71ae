import { cn } from "@/components/ui/cn";
import { isNumberType, shown } from "./cells";

/** On paper longer texts take several lines. */
const SHORT_CHARS = 24;

/** On paper the columns of wider tables share its width, so that none is cut off. */
const FEW_COLUMNS = 8;

interface RowsTableProps {
  label: string;
  headers: readonly string[];
  types?: readonly string[];
  data: readonly (readonly unknown[])[];
  className?: string;
}

/** A few rows as they are; it scrolls in itself, by keys too. */
export function RowsTable({ label, headers, types = [], data, className }: RowsTableProps) {
  const right = headers.map((_, n) => isNumberType(types[n]) || (types.length === 0 && data.every((row) => isNumber(row[n]))));
  return (
    <div role="region" aria-label={label} tabIndex={0} className={cn("overflow-auto print:overflow-visible print:rounded-none print:border-0", className)}>
      <table {...(headers.length > FEW_COLUMNS && { "data-wide": "" })} className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {headers.map((header, n) => (
              <th
                key={n}
                scope="col"
                className={cn(
                  "sticky top-0 border-b border-line bg-panel px-3 py-2 font-medium whitespace-nowrap text-soft print:static print:whitespace-normal",
                  right[n] ? "text-right" : "text-left",
                )}
              >
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&>tr:last-child>td]:border-b-0">
          {data.map((row, r) => (
            <tr key={r}>
              {headers.map((_, n) => (
                <Cell key={n} text={row[n] === null || row[n] === undefined ? null : shown(row[n], types[n])} isRight={right[n] ?? false} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ text, isRight }: { text: string | null; isRight: boolean }) {
  const isLong = !isRight && (text?.length ?? 0) > SHORT_CHARS;
  return (
    <td
      className={cn(
        "max-w-72 truncate border-b border-line px-3 py-1.5 print:max-w-none print:overflow-visible",
        isRight && "text-right tabular-nums",
        isLong && "print:min-w-40 print:whitespace-normal print:wrap-anywhere",
      )}
    >
      {text ?? <span className="text-soft italic">missing</span>}
    </td>
  );
}

function isNumber(value: unknown): boolean {
  return value === null || typeof value === "number";
}
