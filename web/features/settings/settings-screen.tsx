"use client";

import { Screen } from "@/components/ui/screen";
import { About } from "./about";
import { Account } from "./account";
import { Assistants } from "./assistants";
import { Budgets } from "./budgets";
import { ModelSection } from "./model-section";
import { Outbox } from "./outbox";
import { useMe } from "./queries";
import { Section } from "./section";
import { ThemeChoice } from "./theme-choice";
import { Tokens } from "./tokens";
import { usePlace } from "./use-place";

export function SettingsScreen() {
  const me = useMe();
  const all = usePlace<HTMLDivElement>();
  return (
    <Screen title="Settings">
      <div ref={all} className="grid gap-10">
        <Section id="model" title="Model" lead="Who answers in chats.">
          <ModelSection />
        </Section>
        <Section id="budgets" title="Budgets" lead="What models may cost in a month. A spent budget stops questions.">
          <Budgets />
        </Section>
        <Section id="tokens" title="Tokens" lead="All that the page does, a script can do too.">
          <Tokens />
        </Section>
        <Section
          id="assistants"
          title="Assistants (MCP)"
          lead="Claude Code, Claude Desktop, Cursor, VS Code and others work with your tables."
        >
          <Assistants />
        </Section>
        <Section id="theme" title="Theme" lead="How the page looks in this browser.">
          <ThemeChoice />
        </Section>
        <Section id="account" title="Account" lead="Who you are here.">
          <Account />
        </Section>
        {me.data?.is_owner && (
          <Section id="outbox" title="Outbox" lead="Mails that no server sends. Only you, the owner, see them.">
            <Outbox />
          </Section>
        )}
        <Section id="about" title="About" lead="What runs here, and whether it is well.">
          <About />
        </Section>
      </div>
    </Screen>
  );
}
