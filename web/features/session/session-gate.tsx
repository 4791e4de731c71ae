"use client";

import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { NewPassword } from "./new-password";
import { pageSession, useSessionStore } from "./session";

const SignIn = lazy(() => import("./sign-in").then((m) => ({ default: m.SignIn })));

/** Shows its children to who is signed in; a session that ran out is renewed over them. */
export function SessionGate({ waiting, children }: { waiting: ReactNode; children: ReactNode }) {
  const session = useSessionStore((s) => s.session);
  useEffect(() => void pageSession.start(), []);

  if (session.status === "starting") return waiting;
  if (session.status === "signed-out") return <SignInScreen notice={session.notice} />;
  return (
    <>
      {children}
      <NewPassword />
      <Dialog
        open={session.status === "expired"}
        waits
        title="Sign in again"
        description="Your session has run out. Nothing that you typed is lost."
      >
        <Suspense>
          <SignIn email={session.user.email ?? ""} again />
        </Suspense>
        <button type="button" className="link mt-4 text-sm" onClick={() => void pageSession.signOut()}>
          Sign out instead
        </button>
      </Dialog>
    </>
  );
}

function SignInScreen({ notice }: { notice: string | null }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="w-full max-w-sm">
        <img src="/icon.svg" alt="" width={40} height={40} className="mb-6" />
        <h1 className="display text-3xl">OryxForge</h1>
        <p className="mt-1 mb-6 text-balance text-soft">Questions to your data, answers that can be checked.</p>
        {notice !== null && (
          <p role="alert" className="mb-6 rounded-md border border-line bg-raised p-3 text-sm">
            {notice}
          </p>
        )}
        <Suspense fallback={<Skeleton className="h-56" />}>
          <SignIn email="" />
        </Suspense>
      </div>
    </main>
  );
}
