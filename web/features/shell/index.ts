export { useCommands, type Command } from "./commands";
export { Shell } from "./shell";
