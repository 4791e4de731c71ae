const dollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });

export function usd(amount: number): string {
  return amount > 0 && amount < 0.01 ? "under $0.01" : dollars.format(amount);
}

/** What was typed as a monthly amount: null for no limit, undefined for what is none. */
export function amountOf(typed: string): number | null | undefined {
  const clean = typed.replace(/[$\s]/g, "").replace(",", ".");
  if (clean === "") return null;
  const amount = Number(clean);
  return Number.isFinite(amount) && amount >= 0 && amount <= 1_000_000 ? Math.round(amount * 100) / 100 : undefined;
}

/** How much of a budget is spent, from 0 to 1. */
export function shareOf(spent: number, limit: number): number {
  return limit > 0 ? Math.min(1, spent / limit) : 1;
}
