export { ChatFinder } from "./chat-finder";
export { ChatMenu } from "./chat-menu";
export { downloadChat, EXPORTS, type ExportFormat } from "./download";
export { closeChatFinder, openChatFinder } from "./finder-state";
export { RecentChats } from "./recent-chats";
export { chatsKey, useChats, useDeleteChat, type Chat, type ChatHit } from "./queries";
export { TitleInput } from "./title-input";
export { useRenaming } from "./use-renaming";
