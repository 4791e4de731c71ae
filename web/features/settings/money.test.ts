import { amountOf, shareOf, usd } from "./money";

test("amounts as they are typed", () => {
  expect(amountOf(" $20 ")).toBe(20);
  expect(amountOf("2,505")).toBe(2.51);
  expect(amountOf("")).toBeNull();
  expect(amountOf("0")).toBe(0);
  for (const wrong of ["much", "-1", "1e9", "1.2.3"]) expect(amountOf(wrong)).toBeUndefined();
});

test("amounts as they are shown", () => {
  expect(usd(0)).toBe("$0.00");
  expect(usd(0.004)).toBe("under $0.01");
  expect(usd(1234.5)).toBe("$1,234.50");
});

test("a share is never over the whole", () => {
  expect(shareOf(1, 4)).toBe(0.25);
  expect(shareOf(9, 4)).toBe(1);
  expect(shareOf(0, 0)).toBe(1);
});
