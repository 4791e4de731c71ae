import { isRecord } from "@/lib/problem";

const WORDS: Readonly<Record<string, string>> = {
  invalid_credentials: "E-mail and password don't fit together.",
  email_not_confirmed: "This address is not confirmed yet. Open the link in the mail, or have a new one sent.",
  otp_expired: "This link or code was used already, or has expired. Have a new one sent.",
  otp_disabled: "There is no account with this address, and nobody can sign up here.",
  signup_disabled: "Nobody can sign up here. Ask whoever runs OryxForge for an account.",
  user_already_exists: "There is an account with this address already. Sign in instead.",
  email_exists: "There is an account with this address already. Sign in instead.",
  email_address_invalid: "This is no e-mail address.",
  weak_password: "This password is too weak. Take a longer one: a few words that you remember.",
  same_password: "This is the password that you have already. Take another one.",
  over_email_send_rate_limit: "Too many mails were asked for. Wait a minute, then try again.",
  over_request_rate_limit: "Too many tries. Wait a minute, then try again.",
  user_banned: "This account is locked. Ask whoever runs OryxForge.",
  session_not_found: "Your session has ended. Sign in again.",
  access_denied: "The sign-in was not finished. Try again.",
};

/** What the sign-in service said, as a sentence for the person. */
export function inWords(error: unknown): string {
  const told = isRecord(error) ? error : {};
  const code = String(told["code"] ?? "");
  if (told["name"] === "AuthRetryableFetchError" || told["status"] === 0) {
    return "The sign-in service does not answer. Check the connection, then try again.";
  }
  const known = WORDS[code];
  if (known !== undefined) return known;
  const message = told["message"];
  return typeof message === "string" && message !== "" ? message : "That did not work. Try again.";
}

/** What a link that failed left in the address (`#error_code=…`), in words; null where nothing. */
export function failedLink(hash: string): string | null {
  const told = new URLSearchParams(hash.replace(/^#/, ""));
  const code = told.get("error_code") ?? told.get("error");
  return code === null ? null : inWords({ code, message: told.get("error_description") });
}
