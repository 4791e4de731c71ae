import { cleanup, render, screen } from "@testing-library/react";
import { Boundary } from "./boundary";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function Broken(): never {
  throw new TypeError("Cannot read properties of undefined (reading 'x')");
}

test("what broke is said in plain words, and the rest for a report is folded away", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  render(
    <Boundary region="The chart">
      <Broken />
    </Boundary>,
  );
  const alert = screen.getByRole("alert");
  expect(alert.querySelector("p")?.textContent).toBe("The chart broke. The rest of the page goes on.");
  const details = screen.getByText(/Cannot read properties/).closest("details");
  expect(details?.open).toBe(false);
  expect(details?.querySelector("summary")?.textContent).toBe("Details for a report");
});
