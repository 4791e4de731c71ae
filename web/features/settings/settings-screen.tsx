"use client";

import { Screen } from "@/components/ui/screen";
import { useUser } from "@/features/session";
import { About } from "./about";
import { Section } from "./section";
import { ThemeChoice } from "./theme-choice";
import { TokenHint } from "./token-hint";

export function SettingsScreen() {
  const user = useUser();
  return (
    <Screen title="Settings" lead={user.email ? `You are signed in as ${user.email}.` : "You are signed in."}>
      <div className="grid gap-10">
        <Section title="Theme" lead="How the page looks in this browser.">
          <ThemeChoice />
        </Section>
        <Section title="Scripts" lead="Everything that the page does, a script can do too.">
          <TokenHint />
        </Section>
        <Section title="About" lead="What runs here, and whether it is well.">
          <About />
        </Section>
      </div>
    </Screen>
  );
}
