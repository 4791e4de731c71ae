import { completionOf } from "./completion";

test("tables by dataset, with their columns as SQL names them", () => {
  const sheet = (name: string, type = "table") => ({
    type, dataset_name_python: "sales", name_python: name, columns: [{ name: "region" }, { name: 'unit "price"' }],
  });
  expect(completionOf([sheet("Orders"), sheet("Chart", "chart")])).toEqual({
    sales: { Orders: ["region", '"unit ""price"""'] },
  });
});

test("names that every object has are names as any other", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    const sheet = { type: "table", dataset_name_python: name, name_python: name, columns: [{ name: "a" }] };
    const [[dataset, inside] = []] = Object.entries(completionOf([sheet]));
    expect([dataset, Object.entries(inside ?? {})]).toEqual([name, [[name, ["a"]]]]);
  }
});
