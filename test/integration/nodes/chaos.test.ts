/** @alone Nodes have deadlines in it, and the machine's own lateness is measured. */
import { figuresOf, report } from '../../../chaos/report';
import { runChaos } from '../../../chaos/run';
import { verdictOf } from '../../../chaos/verdict';
import { describeWithRedis } from '../../support/redis';

const OPTIONS = {
  seconds: 25,
  nodes: 3,
  people: 60,
  seed: 7,
  // Real media has tests of its own; what a run with it needs is more than a test should take beside others.
  mediaPercent: 0,
  every: 6,
  redis: false,
  evidence: false,
  logs: undefined,
};

describeWithRedis('an installation that is done harm to', () => {
  test('M7 O5 [M7.1] [S8.1] nodes are killed and stopped for 25 s: no peer is in two calls, stuck, late or forgotten, and no record or message is lost', async () => {
    const running = new Set<number>();
    const lines: string[] = [];
    try {
      const findings = await runChaos(OPTIONS, {
        say: (words) => lines.push(words),
        started: (pid) => running.add(pid),
        ended: (pid) => running.delete(pid),
      });
      lines.push(...report(findings));
      const { pairings, rooms, stuck, tally } = findings;
      expect({
        doubles: pairings.doubles,
        disagreements: pairings.disagreements,
        rooms,
        stuck: stuck.stuck,
        violations: tally.violations,
        verdict: verdictOf(figuresOf(findings)),
        running: [...running],
      }).toEqual({
        doubles: [],
        disagreements: [],
        rooms: { contradictions: [], unanswered: [] },
        stuck: [],
        violations: [],
        verdict: [],
        running: [],
      });
      expect(findings.harm.nodesKilled).toBeGreaterThan(1);
      expect(pairings.calls).toBeGreaterThan(60);
    } catch (error) {
      process.stderr.write(`${lines.join('\n')}\n`);
      throw error;
    } finally {
      for (const pid of running) process.kill(pid, 'SIGKILL');
    }
  }, 200_000);
});
