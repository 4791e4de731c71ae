export { RecentChats } from "./recent-chats";
export { chatsKey, useChats, type Chat } from "./queries";
