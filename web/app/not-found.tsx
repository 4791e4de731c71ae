import { Compass } from "lucide-react";
import Link from "next/link";
import { Empty } from "@/components/ui/empty";

export default function NotFound() {
  return (
    <Empty
      screen
      icon={Compass}
      title="Nothing is at this address"
      action={
        <Link href="/" prefetch={false} className="link">
          See your projects
        </Link>
      }
    >
      The link may be old, or cut off.
    </Empty>
  );
}
