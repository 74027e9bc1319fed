package dev.couponbook.ingest.job;

import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Begins the work when everything has started, and ends it before anything stops: first every step
 * is told to end at its next chunk, then the listeners stop, then the loads that this process leads
 * are let go, and only then is the database closed.
 */
final class OrderlyEnd implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {
  private final LoadSupervisor supervisor;
  private final RunningSteps running;
  private volatile boolean started;

  OrderlyEnd(LoadSupervisor supervisor, RunningSteps running) {
    this.supervisor = supervisor;
    this.running = running;
  }

  // The listeners have the highest phase: they start after this and stop before it.
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void start() {
    supervisor.start();
    started = true;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    running.stopAll();
  }

  @Override
  public void stop() {
    started = false;
    try {
      supervisor.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return started;
  }
}
