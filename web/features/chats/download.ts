import { toast } from "sonner";
import { api } from "@/features/session/hooks";
import { saying } from "@/lib/problem";
import { nameIn, saveFile } from "@/lib/save-file";

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
    saveFile(await answer.blob(), nameIn(answer.headers.get("content-disposition")) ?? `chat.${format}`);
  } catch (error) {
    toast.error(saying(error));
  }
}
