"use client";

/** What stands where nothing was asked yet. */
export function NewChat() {
  return (
    <div className="grid min-h-0 flex-1 place-items-center overflow-y-auto px-4 py-8">
      <div className="max-w-xl text-center">
        <h2 className="display text-3xl">What would you like to know?</h2>
        <p className="mt-2 text-pretty text-soft">
          Ask in plain words, or write SQL. Each answer shows the code and the data that it comes from.
        </p>
      </div>
    </div>
  );
}
