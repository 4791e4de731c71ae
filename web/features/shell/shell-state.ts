import { create } from "zustand";

interface ShellState {
  readonly palette: boolean;
  readonly keymap: boolean;
  /** The sidebar as a drawer, on a narrow screen. */
  readonly drawer: boolean;
}

export const useShell = create<ShellState>(() => ({ palette: false, keymap: false, drawer: false }));
export const openPalette = () => useShell.setState({ palette: true, keymap: false });
export const openKeymap = () => useShell.setState({ keymap: true, palette: false });
