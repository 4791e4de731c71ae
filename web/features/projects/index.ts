export { may, projectAddress } from "./current";
export { NamingDialog } from "./naming-dialog";
export { ProjectGate, useCurrentProject, useProject } from "./project-gate";
export { askForNewProject, ProjectDialogs } from "./project-dialogs";
export { ProjectScreen } from "./project-screen";
export { ProjectsScreen } from "./projects-screen";
export { useProjects, type Project } from "./queries";
