/** Time or duration in seconds. Instants are on the agent's clock: ROS time under `use_sim_time`, else the system's. */
export type Seconds = number;
