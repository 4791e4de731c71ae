import { failedLink, inWords } from "./words";

test("known refusals have words of our own", () => {
  expect(inWords({ code: "invalid_credentials", message: "Invalid login credentials" })).toMatch(/don't fit/);
});

test("unknown ones keep the service's own", () => {
  expect(inWords({ code: "new_one", message: "Do that." })).toBe("Do that.");
  expect(inWords(undefined)).toBe("That did not work. Try again.");
});

test("a service that is away", () => {
  expect(inWords({ name: "AuthRetryableFetchError", message: "{}" })).toMatch(/does not answer/);
});

test("a link that failed says why", () => {
  expect(failedLink("#error=access_denied&error_code=otp_expired&error_description=x")).toMatch(/expired/);
  expect(failedLink("#access_token=a&type=recovery")).toBeNull();
  expect(failedLink("")).toBeNull();
});
