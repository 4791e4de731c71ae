const KEY = "oryxforge-link-session";

/** A token that comes without a way to renew it: kept for this tab until it runs out. */
export interface KeptToken {
  get(): string | null;
  set(token: string, expiresAt: number): void;
  clear(): void;
}

export function keptToken(now: () => number = () => Date.now() / 1000): KeptToken {
  return {
    get() {
      const [expiresAt, token] = (sessionStorage.getItem(KEY) ?? "").split(" ");
      return token && Number(expiresAt) > now() ? token : null;
    },
    set: (token, expiresAt) => sessionStorage.setItem(KEY, `${expiresAt} ${token}`),
    clear: () => sessionStorage.removeItem(KEY),
  };
}
