package dev.smskit.phone.connection;

import java.util.List;

/** What the phone tells of itself in {@code hello} and {@code heartbeat}. */
public interface Device {
    /** Jobs that the server may give a SIM before it has sent them. */
    int WINDOW = 3;

    /**
     * A SIM of the phone. {@code id} tells it from another of the same carrier, and is told to nobody; {@code carrierName}
     * may be null. Which number it has Android doesn't know for certain.
     */
    record Sim(int simSlot, int id, String carrierName) {
    }

    /** Each may be null where the phone doesn't know it. */
    record Vitals(Integer batteryLevel, Boolean isCharging, String networkType, Integer signalStrength) {
    }

    String appVersion();

    /** The SIMs that are in the phone and that the operator lets it use. */
    List<Sim> sims();

    Vitals vitals();

    /** Whether that SIM could send now. */
    boolean isReady(int simSlot);
}
