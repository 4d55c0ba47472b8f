import { describeWithRedis } from '../../support/redis';
import { Installation } from '../../support/nodes';
import { nextScenarios } from '../scenarios/going-on';
import { meetingScenarios } from '../scenarios/meeting';
import { returningScenarios } from '../scenarios/returning';
import { ANYONE_AT_ONCE, safetyScenarios } from '../scenarios/safety';
import { Stage, type StartSite } from '../scenarios/stage';

/** The same scenarios are played on one node in ../meeting.test.ts. */
const threeNodes: StartSite = (environment) => Installation.start(3, environment);

describeWithRedis('peers on three nodes', () => {
  describe('as a node is set up by default', () => {
    const stage = new Stage(threeNodes);
    meetingScenarios(stage);
    nextScenarios(stage);
    returningScenarios(stage);
  });
  describe('where any two are matched at once', () => {
    safetyScenarios(new Stage(threeNodes, { MATCH_STEPS: ANYONE_AT_ONCE }));
  });
});
