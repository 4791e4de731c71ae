"use client";

import { Component, type ErrorInfo, type ReactNode } from "react";
import { saying } from "@/lib/problem";
import { Button } from "./button";

interface BoundaryProps {
  /** What the region is called in the sentence that says it broke. */
  region: string;
  children: ReactNode;
}

/** Keeps what breaks inside to its own region. */
export class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(`${this.props.region} broke`, error, info.componentStack);
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <div role="alert" className="m-4 rounded-lg border border-line bg-bad-tint p-4 text-sm">
        <p className="font-medium">{this.props.region} broke. The rest of the page goes on.</p>
        <p className="mt-1 text-soft">What you typed elsewhere is still there. Try again; if it breaks again, load the page anew.</p>
        <details className="mt-2 text-soft">
          <summary className="w-fit cursor-pointer">Details for a report</summary>
          <p className="mt-1 font-mono text-xs break-words">{saying(this.state.error)}</p>
        </details>
        <Button className="mt-3" onClick={() => this.setState({ error: null })}>
          Try again
        </Button>
      </div>
    );
  }
}
