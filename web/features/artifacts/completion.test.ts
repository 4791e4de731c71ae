import { completionOf } from "./completion";

test("tables by dataset, with their columns as SQL names them", () => {
  const sheet = (name: string, type = "table") => ({
    type, dataset_name_python: "sales", name_python: name, columns: [{ name: "region" }, { name: 'unit "price"' }],
  });
  expect(completionOf([sheet("Orders"), sheet("Chart", "chart")])).toEqual({
    sales: { Orders: ["region", '"unit ""price"""'] },
  });
});
