package dev.roundtrip.auth.policy;

/** One statement whose conditions hold and whose variables have values. Asked for every message, so it allocates
 * nothing. Immutable.
 */
final class BoundStatement {
    private final Sense actionSense;
    private final Glob[] actions;
    private final Sense resourceSense;
    private final ArnPattern[] resources;

    BoundStatement(Listed<Glob> actions, Listed<ArnPattern> resources) {
        this.actionSense = actions.sense();
        this.actions = actions.patterns().toArray(Glob[]::new);
        this.resourceSense = resources.sense();
        this.resources = resources.patterns().toArray(ArnPattern[]::new);
    }

    boolean speaksOf(String action, String resource) {
        return (listsAction(action) == (actionSense == Sense.LISTED))
                && (listsResource(resource) == (resourceSense == Sense.LISTED));
    }

    private boolean listsAction(String action) {
        for (Glob pattern : actions) {
            if (pattern.matches(action)) {
                return true;
            }
        }
        return false;
    }

    private boolean listsResource(String resource) {
        for (ArnPattern pattern : resources) {
            if (pattern.matches(resource)) {
                return true;
            }
        }
        return false;
    }
}
