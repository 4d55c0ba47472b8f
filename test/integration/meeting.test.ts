import { startNode } from '../support/node';
import { nextScenarios } from './scenarios/going-on';
import { meetingScenarios } from './scenarios/meeting';
import { returningScenarios } from './scenarios/returning';
import { ANYONE_AT_ONCE, safetyScenarios } from './scenarios/safety';
import { Stage, type StartSite } from './scenarios/stage';

/** The same scenarios are played on three nodes in nodes/meeting.test.ts. */
const oneNode: StartSite = async (environment) => {
  const node = await startNode(environment);
  return { nodes: [node], close: () => node.close() };
};

describe('peers on one node', () => {
  describe('as a node is set up by default', () => {
    const stage = new Stage(oneNode);
    meetingScenarios(stage);
    nextScenarios(stage);
    returningScenarios(stage);
  });
  describe('where any two are matched at once', () => {
    safetyScenarios(new Stage(oneNode, { MATCH_STEPS: ANYONE_AT_ONCE }));
  });
});
