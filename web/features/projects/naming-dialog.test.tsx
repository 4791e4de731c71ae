import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Problem } from "@/lib/problem";
import { NamingDialog } from "./naming-dialog";

afterEach(cleanup);

test("a name that is taken is said under the field, which keeps what was typed", async () => {
  const closed = vi.fn();
  const onName = vi.fn(async () => {
    throw new Problem(409, "project_exists", "There is a project of that name.");
  });
  render(<NamingDialog title="New project" action="Make it" onClose={closed} onName={onName} />);
  await userEvent.type(screen.getByLabelText("Name"), " Sales {Enter}");
  expect(onName).toHaveBeenCalledWith("Sales");
  expect((await screen.findByRole("alert")).textContent).toBe("There is a project of that name.");
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe(" Sales ");
  expect(closed).not.toHaveBeenCalled();
});

test("it closes once the name was taken", async () => {
  const closed = vi.fn();
  render(<NamingDialog title="Rename" action="Rename" name="a" onClose={closed} onName={async () => undefined} />);
  await userEvent.click(screen.getByRole("button", { name: "Rename" }));
  expect(closed).toHaveBeenCalledOnce();
});
