"use client";

import { X } from "lucide-react";
import { toast } from "sonner";
import { IconButton } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { useUser } from "@/features/session/hooks";
import { saying } from "@/lib/problem";
import { may } from "./current";
import { useProject } from "./project-gate";
import { useMembers, useRemoveMember, useShare, type Member } from "./queries";
import { RoleBadge, ROLES } from "./role-badge";
import { ShareForm } from "./share-form";

export const SHARED_ROLES = ROLES.filter(([role]) => role !== "owner").map(([role, name]) => [role, name] as const);

/** Who shares the project; its owner changes it here. */
export function Members() {
  const project = useProject();
  const members = useMembers(project.id);
  return (
    <section aria-labelledby="people">
      <h2 id="people" className="display text-xl">
        People
      </h2>
      <p className="mt-1 text-sm text-soft">
        {ROLES.map(([, name, does]) => `${name}: ${does}`).join(". ")}. Others can't see the project at all.
      </p>
      {may(project, "owner") && <ShareForm projectId={project.id} />}
      {members.isPending && <Skeleton className="mt-6 h-16" />}
      {members.isError && (
        <div className="mt-6">
          <Trouble error={members.error} again={() => void members.refetch()} />
        </div>
      )}
      <ul className="mt-6 divide-y divide-line rounded-xl border border-line bg-raised empty:hidden">
        {members.data?.map((member) => (
          <Person key={member.user_id} member={member} />
        ))}
      </ul>
    </section>
  );
}

function Person({ member }: { member: Member }) {
  const project = useProject();
  const user = useUser();
  const change = useShare(project.id, "patch");
  const remove = useRemoveMember(project.id);
  const name = member.email ?? "No e-mail";
  const changeable = may(project, "owner") && member.role !== "owner" && member.email !== null;
  return (
    <li className="flex min-h-16 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
      <span aria-hidden className="display grid size-9 place-items-center rounded-full bg-tint text-accent">
        {name.charAt(0).toUpperCase()}
      </span>
      <span className="min-w-0 flex-1 truncate">
        {name}
        {member.user_id === user.id && <span className="text-soft"> (you)</span>}
      </span>
      {changeable ? (
        <>
          <Choice
            hidden
            label={`Role of ${name}`}
            value={member.role}
            options={SHARED_ROLES}
            disabled={change.isPending}
            onValue={(role) =>
              change.mutate({ email: name, role }, { onError: (error) => void toast.error(saying(error)) })
            }
          />
          <IconButton label={`Stop sharing with ${name}`} onClick={() => remove(member)}>
            <X aria-hidden className="size-4" />
          </IconButton>
        </>
      ) : (
        <RoleBadge role={member.role} />
      )}
    </li>
  );
}
