export interface Setup {
  readonly name: string;
  readonly text: string;
}

/** How a script uses a token that stands in ORYXFORGE_TOKEN, so that it stands in no history and no file. */
export function setupsOf(origin: string): readonly Setup[] {
  return [
    { name: "curl", text: `curl -H "Authorization: Bearer $ORYXFORGE_TOKEN" ${origin}/projects` },
    {
      name: "Python",
      text: [
        "import os, httpx",
        "",
        "oryxforge = httpx.Client(",
        `    base_url="${origin}",`,
        `    headers={"Authorization": f"Bearer {os.environ['ORYXFORGE_TOKEN']}"},`,
        "    timeout=300,",
        ")",
        'projects = oryxforge.get("/projects").json()["projects"]',
        'question = {"project_id": projects[0]["id"], "prompt": "How many rows are there?"}',
        'print(oryxforge.post("/chat/query", json=question).json()["response"])',
      ].join("\n"),
    },
    { name: "Command line", text: `oryxforge projects list --url ${origin}` },
  ];
}
