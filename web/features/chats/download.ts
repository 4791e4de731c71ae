import { toast } from "sonner";
import { api } from "@/features/session/hooks";
import { saying } from "@/lib/problem";

export type ExportFormat = "md" | "html" | "ipynb";

export const EXPORTS: readonly (readonly [ExportFormat, string])[] = [
  ["md", "Markdown"],
  ["html", "Web page, to print as PDF"],
  ["ipynb", "Jupyter notebook"],
];

/** Saves a chat as a file of the browser's; what goes wrong is said. */
export async function downloadChat(chatId: string, format: ExportFormat): Promise<void> {
  try {
    const answer = await api.raw("get", "/chats/{chat_id}/export", { path: { chat_id: chatId }, query: { format } });
    const address = URL.createObjectURL(await answer.blob());
    const link = document.createElement("a");
    link.href = address;
    link.download = nameIn(answer.headers.get("content-disposition")) ?? `chat.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    toast.error(saying(error));
  }
}

export function nameIn(disposition: string | null): string | null {
  return /filename="([^"]+)"/.exec(disposition ?? "")?.[1] ?? null;
}
