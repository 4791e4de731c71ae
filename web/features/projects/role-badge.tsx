import type { Role } from "./queries";

export const ROLES: readonly (readonly [Role, string, string])[] = [
  ["viewer", "Viewer", "reads everything"],
  ["editor", "Editor", "also asks, imports and edits"],
  ["owner", "Owner", "also shares and deletes"],
];

export function RoleBadge({ role }: { role: Role }) {
  const [, name, does] = ROLES.find(([known]) => known === role) ?? [role, role, ""];
  return (
    <span title={`${name} ${does}`} className="rounded-full bg-tint px-2.5 py-0.5 text-xs font-medium text-accent">
      {name}
    </span>
  );
}
